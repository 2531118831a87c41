package io.mora.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes settings into the kernel's files, and takes them back. What there was before is on the
 * device before anything is changed, so that it can be taken back whatever happens meanwhile.
 */
final class Tuning {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Machine machine;
  private final Path undo;

  /** What was set, by path: what there was before, and what there is now. */
  private final Map<String, Change> changes = new LinkedHashMap<>();

  /** A value in its file's words. */
  record Change(String path, String before, String after) {}

  /**
   * What became of a setting.
   *
   * @param word set, would be set, taken back, left, failed
   * @param why empty, or what stood against it
   */
  record Step(String path, String before, String after, String word, String why) {
    boolean isFailed() {
      return word.equals("failed");
    }

    Map<String, Object> map() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("path", "/" + path);
      map.put("before", before);
      map.put("after", after);
      map.put("result", word);
      map.put("why", why);
      return map;
    }
  }

  /**
   * @param undo the file that has what there was before
   * @throws CliException if there is one that cannot be read
   */
  Tuning(Machine machine, Path undo) {
    this.machine = machine;
    this.undo = undo;
    if (Files.exists(undo)) {
      try {
        List<Change> kept = JSON.readValue(undo.toFile(), new TypeReference<List<Change>>() {});
        kept.forEach(each -> changes.put(each.path(), each));
      } catch (IOException e) {
        throw new CliException(
            ExitCodes.FAILED, undo + " has what there was before, and cannot be read", e);
      }
    }
  }

  /** Writes settings, or says what would be written. */
  List<Step> apply(List<Setting> settings, boolean dryRun) {
    List<Step> steps = new ArrayList<>();
    List<Setting> wanted = new ArrayList<>();
    for (Setting each : settings) {
      String before = machine.value(each.path());
      if (!before.equals(each.value())) {
        wanted.add(each);
        if (dryRun) {
          steps.add(new Step(each.path(), before, each.value(), "would be set", ""));
        } else {
          Change was = changes.get(each.path());
          String first = was == null ? before : was.before();
          changes.put(each.path(), new Change(each.path(), first, each.value()));
        }
      }
    }
    if (dryRun || wanted.isEmpty()) {
      return steps;
    }
    keep();
    for (Setting each : wanted) {
      String before = machine.value(each.path());
      steps.add(step(each, before, "set"));
    }
    return steps;
  }

  private Step step(Setting setting, String before, String word) {
    try {
      machine.set(setting);
      return new Step(setting.path(), before, setting.value(), word, "");
    } catch (IOException | SecurityException e) {
      return new Step(setting.path(), before, setting.value(), "failed", String.valueOf(e));
    }
  }

  /** Takes back what was set, the last first; what somebody else has changed since is left. */
  List<Step> takeBack() {
    List<Step> steps = new ArrayList<>();
    List<Change> all = new ArrayList<>(changes.values());
    Collections.reverse(all);
    for (Change each : all) {
      String now = machine.value(each.path());
      Step step;
      if (now.equals(each.before())) {
        step = new Step(each.path(), now, now, "left", "it is what it was");
      } else if (now.equals(each.after())) {
        step = step(new Setting(each.path(), each.before()), now, "taken back");
      } else {
        step = new Step(each.path(), now, now, "left", "somebody else has set it since");
      }
      if (!step.isFailed()) {
        changes.remove(each.path());
      }
      steps.add(step);
    }
    keep();
    return steps;
  }

  /** Brings what there was before to the device; removes the file where there is nothing. */
  private void keep() {
    try {
      if (changes.isEmpty()) {
        Files.deleteIfExists(undo);
        return;
      }
      Path folder = undo.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Path next = undo.resolveSibling(undo.getFileName() + ".new");
      Files.write(next, json());
      try (FileChannel file = FileChannel.open(next, StandardOpenOption.WRITE)) {
        file.force(true);
      }
      Files.move(next, undo, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CliException(
          ExitCodes.FAILED, "nothing was changed: " + undo + " cannot be written", e);
    }
  }

  private byte[] json() throws JsonProcessingException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(List.copyOf(changes.values()));
  }
}
