package io.mora.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows under a heading, in at most {@value #WIDTH_MAX} columns.
 *
 * <p>Columns whose title starts with {@code >} are set right, as numbers are. Where a row would be
 * too wide, its widest left-set cell is cut and ends in {@code ~}.
 */
public final class Table {
  public static final int WIDTH_MAX = 100;
  private static final String GAP = "  ";
  private static final int CELL_MIN = 8;

  private final List<String> titles = new ArrayList<>();
  private final List<Boolean> right = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... columns) {
    for (String column : columns) {
      right.add(column.startsWith(">"));
      titles.add(column.startsWith(">") ? column.substring(1) : column);
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
      int widest = widestLeft(widths);
      int cut = Math.min(over, widths[widest] - CELL_MIN);
      if (cut <= 0) {
        break; // nothing left to cut: better wide than wrong
      }
      widths[widest] -= cut;
      over -= cut;
    }
    return widths;
  }

  private int widestLeft(int[] widths) {
    int widest = 0;
    int found = -1;
    for (int i = 0; i < widths.length; i++) {
      if (!right.get(i) && widths[i] > found) {
        widest = i;
        found = widths[i];
      }
    }
    return widest;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      if (cell.length() > widths[i] && !right.get(i)) {
        cell = cell.substring(0, widths[i] - 1) + "~";
      }
      String blanks = " ".repeat(Math.max(0, widths[i] - cell.length()));
      line.append(i == 0 ? "" : GAP).append(right.get(i) ? blanks + cell : cell + blanks);
    }
    return line.toString().stripTrailing();
  }
}
