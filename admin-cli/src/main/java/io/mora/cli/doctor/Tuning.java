package io.mora.cli.doctor;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.doctor.UndoFile.Change;
import java.io.IOException;
import java.nio.file.Path;
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
  private final Machine machine;
  private final UndoFile undo;
  private final String boot;

  /** What was set, by path: what there was before, and what there is now. */
  private final Map<String, Change> changes;

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
   * @throws CliException if there is one that cannot be read, or trusted
   */
  Tuning(Machine machine, Path undo) {
    this.machine = machine;
    this.undo = new UndoFile(undo);
    this.boot = machine.text("proc/sys/kernel/random/boot_id");
    this.changes = this.undo.read(boot);
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
          // What somebody else has set since is what there was before.
          String first = was == null || !before.equals(was.after()) ? before : was.before();
          changes.put(each.path(), new Change(each.path(), first, each.value()));
        }
      }
    }
    if (dryRun || wanted.isEmpty()) {
      return steps;
    }
    try {
      undo.write(boot, List.copyOf(changes.values()));
    } catch (IOException e) {
      throw new CliException(
          ExitCodes.FAILED, "nothing was changed: what there was before cannot be kept: " + e, e);
    }
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
    try {
      undo.write(boot, List.copyOf(changes.values()));
    } catch (IOException e) {
      steps.add(new Step("", "", "", "failed", "the file of what there was before stays: " + e));
    }
    return steps;
  }
}
