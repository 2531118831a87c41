package io.mora.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows under a heading, in at most {@value #WIDTH_MAX} columns.
 *
 * <p>Columns whose title starts with {@code >} are set right, as numbers are, and those with {@code
 * !} are never cut, as names are that people copy. Where a row would be too wide, its widest other
 * cell is cut and ends in {@code ~}.
 */
public final class Table {
  public static final int WIDTH_MAX = 100;
  private static final String GAP = "  ";
  private static final int CELL_MIN = 8;

  private final List<String> titles = new ArrayList<>();
  private final List<Boolean> right = new ArrayList<>();
  private final List<Boolean> whole = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... columns) {
    for (String column : columns) {
      right.add(column.startsWith(">"));
      whole.add(column.startsWith(">") || column.startsWith("!"));
      titles.add(whole.get(whole.size() - 1) ? column.substring(1) : column);
    }
  }

  /** Adds a row, a cell for each column. */
  public Table row(Object... cells) {
    if (cells.length != titles.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + titles.size() + " columns");
    }
    List<String> row = new ArrayList<>(cells.length);
    for (Object cell : cells) {
      row.add(String.valueOf(cell));
    }
    rows.add(row);
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Prints heading and rows; trailing blanks are left out. */
  public void print(PrintWriter out, String indent) {
    int[] widths = widths(indent);
    out.println(indent + line(titles, widths));
    for (List<String> row : rows) {
      out.println(indent + line(row, widths));
    }
  }

  private int[] widths(String indent) {
    int[] widths = new int[titles.size()];
    int total = indent.length() + GAP.length() * (widths.length - 1);
    for (int i = 0; i < widths.length; i++) {
      widths[i] = titles.get(i).length();
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
      total += widths[i];
    }
    for (int over = total - WIDTH_MAX; over > 0; ) {
      int widest = widestToCut(widths);
      int cut = widest < 0 ? 0 : Math.min(over, widths[widest] - CELL_MIN);
      if (cut <= 0) {
        break; // nothing left to cut: better wide than wrong
      }
      widths[widest] -= cut;
      over -= cut;
    }
    return widths;
  }

  /** Its column, or -1. */
  private int widestToCut(int[] widths) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      if (!whole.get(i) && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      if (cell.length() > widths[i]) {
        cell = cell.substring(0, widths[i] - 1) + "~";
      }
      String blanks = " ".repeat(Math.max(0, widths[i] - cell.length()));
      line.append(i == 0 ? "" : GAP).append(right.get(i) ? blanks + cell : cell + blanks);
    }
    return line.toString().stripTrailing();
  }
}
