package io.mora.cli.streams;

/** What a part of a run is: who runs, and whether the target is told what for. */
public enum Phase {
  /** The first stream has the target to itself. */
  ALONE("alone"),
  /** All of them, and the target is told nothing. */
  STRIPPED("hints stripped"),
  /** All of them, and the target is told. */
  HONOURED("hints honoured"),
  /** As honoured, with one stream doubled. */
  DOUBLED("one doubled");

  private final String words;

  Phase(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** Whether I/O carries its intent. */
  public boolean hints() {
    return this != STRIPPED;
  }
}
