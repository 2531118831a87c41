package io.mora.cli.bench;

import io.mora.cli.floor.Exchange;
import io.mora.cli.floor.Floor;
import io.mora.cli.load.StageTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The floors of a load: of sockets and of a file, each sleeping and spinning. */
final class Floors {
  private final List<Floor.Result> sockets = new ArrayList<>();
  private final List<Floor.Result> files = new ArrayList<>();
  private @Nullable Exchange exchange;

  /** A floor with its name. */
  record Row(String name, Floor.Result result) {}

  boolean isEmpty() {
    return sockets.isEmpty() && files.isEmpty();
  }

  void exchange(Exchange measured) {
    exchange = measured;
  }

  void addSockets(Floor.Result result) {
    add(sockets, result);
  }

  void addFiles(Floor.Result result) {
    add(files, result);
  }

  private static void add(List<Floor.Result> to, Floor.Result result) {
    for (int i = 0; i < to.size(); i++) {
      if (to.get(i).spin() == result.spin()) {
        to.set(i, to.get(i).plus(result));
        return;
      }
    }
    to.add(result);
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (Floor.Result each : sockets) {
      rows.add(new Row("floor, " + how(each), each));
    }
    for (Floor.Result each : files) {
      rows.add(new Row("file floor, " + how(each), each));
    }
    return rows;
  }

  private static String how(Floor.Result floor) {
    return floor.spin() ? "spinning" : "sleeping";
  }

  /** Puts {@code floors}, {@code fileFloors}, and the bytes of an exchange if there was one. */
  void json(Map<String, Object> into) {
    into.put("floors", json(sockets, "exchangesPerSecond"));
    into.put("fileFloors", json(files, "readsPerSecond"));
    Exchange measured = exchange;
    if (measured != null) {
      Map<String, Object> bytes = new LinkedHashMap<>();
      bytes.put("requestBytes", measured.requestBytes());
      bytes.put("responseBytes", measured.responseBytes());
      into.put("floorExchange", bytes);
    }
  }

  private static List<Object> json(List<Floor.Result> floors, String rate) {
    List<Object> all = new ArrayList<>();
    for (Floor.Result floor : floors) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("spin", floor.spin());
      one.put(rate, floor.perSecond());
      one.put("latency", StageTable.json(floor.latencies()));
      all.add(one);
    }
    return all;
  }
}
