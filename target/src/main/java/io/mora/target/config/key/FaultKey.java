package io.mora.target.config.key;

import static io.mora.protocol.admin.Quantity.formatDuration;

import io.mora.protocol.admin.storage.FaultSpec;

/** The keys of faults on purpose, in the order of the reference. */
public enum FaultKey implements ConfigKey {
  FAULTS(
      "",
      "section",
      "none",
      "",
      "Makes the storage fail by rules: for tests of hosts. Faults lie inside a `delay`."),
  SEED(
      ".seed",
      "number",
      "" + FaultSpec.SEED.defaultValue(),
      ConfigKey.bounds(FaultSpec.SEED),
      "Of everything that is drawn: the same operations in the same order meet the same faults."),
  RULES(
      ".rules",
      "list",
      "required",
      FaultSpec.RULES.min() + " to " + FaultSpec.RULES.max() + " entries",
      "The first rule that is about an operation and due decides what becomes of it."),
  OPERATIONS(
      ".rules[].operations",
      "list of words",
      "all",
      "read, write, flush, zero, deallocate",
      "What the rule is about. flush has no blocks: only rules about all blocks meet it."),
  FIRST_BLOCK(
      ".rules[].firstBlock",
      "number",
      "" + FaultSpec.Where.BLOCK.defaultValue(),
      ConfigKey.bounds(FaultSpec.Where.BLOCK),
      "First logical block the rule is about; operations that touch one of them count."),
  BLOCKS(
      ".rules[].blocks",
      "number",
      "" + FaultSpec.Where.BLOCK.defaultValue(),
      ConfigKey.bounds(FaultSpec.Where.BLOCK),
      "How many blocks; 0 is all that follow."),
  SKIP(
      ".rules[].skip",
      "number",
      "" + FaultSpec.When.COUNT.defaultValue(),
      ConfigKey.bounds(FaultSpec.When.COUNT),
      "So many operations it is about go by first, of all shards together."),
  EVERY(
      ".rules[].every",
      "number",
      "" + FaultSpec.When.EVERY.defaultValue(),
      ConfigKey.bounds(FaultSpec.When.EVERY),
      "Then one in so many is hit: the last of each so many."),
  RANDOM(
      ".rules[].random",
      "true or false",
      "false",
      "",
      "One in `every` is hit at random, by the seed, instead of by count."),
  TIMES(
      ".rules[].times",
      "number",
      "" + FaultSpec.When.COUNT.defaultValue(),
      ConfigKey.bounds(FaultSpec.When.COUNT),
      "After so many faults the rule is spent; 0 is never."),
  STATUS(
      ".rules[].status",
      "status",
      "none",
      FaultSpec.STATUS_FORM,
      "The operation is not done and ends with this NVMe status: 2/81 is an unrecovered read error,"
          + " 2/80 a write fault; dnr sets Do Not Retry."),
  STALL(
      ".rules[].stall",
      "duration",
      "0s",
      "0us to " + formatDuration(FaultSpec.What.STALL_MAX),
      "It waits so long before anything else. Linux resets a controller after 30 s."),
  TORN(
      ".rules[].torn",
      "true or false",
      "false",
      "only with operations: [write]",
      "Only a part of the blocks is written, from the first on, never all, by the seed; then the"
          + " write ends with `status`, or as if it were whole.");

  private static final String SECTION = "subsystems[].namespaces[].backend.faults";

  @SuppressWarnings("ImmutableEnumChecker") // a record of strings
  private final Text text;

  FaultKey(String place, String form, String byDefault, String allowed, String meaning) {
    this.text = new Text(SECTION + place, form, byDefault, allowed, meaning);
  }

  @Override
  public Text text() {
    return text;
  }
}
