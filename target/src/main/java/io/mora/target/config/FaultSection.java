package io.mora.target.config;

import io.mora.protocol.admin.Quantity;
import io.mora.protocol.admin.storage.FaultSpec;
import io.mora.protocol.admin.storage.FaultSpec.Operation;
import io.mora.protocol.admin.storage.FaultSpec.Rule;
import io.mora.protocol.admin.storage.FaultSpec.What;
import io.mora.protocol.admin.storage.FaultSpec.When;
import io.mora.protocol.admin.storage.FaultSpec.Where;
import io.mora.protocol.status.Status;
import io.mora.target.config.key.FaultKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Faults on purpose from and to the configuration. */
final class FaultSection {
  private FaultSection() {}

  static FaultSpec read(SectionReader faults) {
    List<Rule> rules = faults.sections(FaultKey.RULES).stream().map(FaultSection::rule).toList();
    return new FaultSpec(faults.integer(FaultKey.SEED, (int) FaultSpec.SEED.defaultValue()), rules);
  }

  private static Rule rule(SectionReader rule) {
    Integer status = rule.value(FaultKey.STATUS, FaultSpec::parseStatus);
    return new Rule(
        new Where(
            Set.copyOf(rule.words(FaultKey.OPERATIONS, Operation.class)),
            rule.number(FaultKey.FIRST_BLOCK, 0),
            rule.number(FaultKey.BLOCKS, 0)),
        new When(
            rule.number(FaultKey.SKIP, 0),
            rule.number(FaultKey.EVERY, 1),
            rule.bool(FaultKey.RANDOM, false),
            rule.number(FaultKey.TIMES, 0)),
        new What(
            // A status that cannot be read is one mistake, not also a rule without effect.
            status == null && rule.has(FaultKey.STATUS) ? Status.INTERNAL_ERROR : orNone(status),
            rule.duration(FaultKey.STALL, Duration.ZERO),
            rule.bool(FaultKey.TORN, false)));
  }

  private static int orNone(@Nullable Integer status) {
    return status == null ? Status.SUCCESS : status;
  }

  /** Every key that says something, so that it reads back the same whatever the defaults become. */
  static Map<String, Object> write(FaultSpec spec) {
    Map<String, Object> faults = new LinkedHashMap<>();
    ConfigWriter.put(faults, FaultKey.SEED, spec.seed());
    ConfigWriter.put(
        faults, FaultKey.RULES, spec.rules().stream().map(FaultSection::write).toList());
    return faults;
  }

  private static Map<String, Object> write(Rule rule) {
    Map<String, Object> section = new LinkedHashMap<>();
    Where where = rule.where();
    if (!where.operations().isEmpty()) {
      ConfigWriter.put(
          section,
          FaultKey.OPERATIONS,
          where.operations().stream().sorted().map(ConfigWriter::word).toList());
    }
    ConfigWriter.put(section, FaultKey.FIRST_BLOCK, where.firstBlock());
    ConfigWriter.put(section, FaultKey.BLOCKS, where.blocks());
    ConfigWriter.put(section, FaultKey.SKIP, rule.when().skip());
    ConfigWriter.put(section, FaultKey.EVERY, rule.when().every());
    ConfigWriter.put(section, FaultKey.RANDOM, rule.when().random());
    ConfigWriter.put(section, FaultKey.TIMES, rule.when().times());
    if (!Status.isSuccess(rule.what().status())) {
      ConfigWriter.put(section, FaultKey.STATUS, FaultSpec.formatStatus(rule.what().status()));
    }
    ConfigWriter.put(section, FaultKey.STALL, Quantity.formatDuration(rule.what().stall()));
    ConfigWriter.put(section, FaultKey.TORN, rule.what().torn());
    return section;
  }
}
