package io.mora.cli.manage.field;

import java.util.Iterator;
import java.util.List;

/** What shells complete options with; the daemon has the last word on what is allowed. */
final class Words {
  private Words() {}

  /** Classes of I/O. */
  static final class Classes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of(
              "background",
              "bulk",
              "prefetch",
              "normal",
              "interactive",
              "low_latency",
              "critical",
              Fields.DEFAULT)
          .iterator();
    }
  }

  /** Latency modes. */
  static final class Modes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("throughput", "bounded", "auto", Fields.DEFAULT).iterator();
    }
  }

  /** Kinds of storage. */
  static final class Kinds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("memory", "null", "file", "stripe", "block").iterator();
    }
  }

  /** When storage is read and written past the page cache. */
  static final class Direct implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("auto", "required", "never").iterator();
    }
  }

  /** What a name is worth that nobody proved. */
  static final class Trusts implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("proven", "claimed", Fields.DEFAULT).iterator();
    }
  }

  /** How exactly hosts are told times. */
  static final class Timing implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("coarse", "fine").iterator();
    }
  }
}
