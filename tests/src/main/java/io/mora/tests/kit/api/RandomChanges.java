package io.mora.tests.kit.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.mora.tests.kit.api.ApiClient.Answer;
import java.util.List;
import java.util.Random;

/**
 * Changes of a configuration at random, by the API: of hosts, latency modes, other subsystems, and
 * of namespaces 3 to 5 of one subsystem, the configuration's first. Its namespaces 1 and 2 only
 * change their latency modes.
 */
public final class RandomChanges {
  private static final String HOST = "api/v1/hosts/";
  private static final String[] CLASSES = {
    "background", "bulk", "prefetch", "normal", "interactive", "low_latency", "critical"
  };

  private final String subsystem;
  private final List<String> hosts;
  private final int firstHost;
  private final Random random;

  /**
   * @param nqn of the first subsystem
   * @param hosts known ones, one after the other in the configuration
   * @param firstHost where the first of them is there
   */
  public RandomChanges(String nqn, List<String> hosts, int firstHost, Random random) {
    this.subsystem = "api/v1/subsystems/" + nqn;
    this.hosts = hosts;
    this.firstHost = firstHost;
    this.random = random;
  }

  private String host() {
    return HOST + hosts.get(random.nextInt(hosts.size()));
  }

  /**
   * Makes a change that can be made.
   *
   * @return 404 where it was to take away, or add to, what is not there
   */
  public Answer valid(ApiClient api) {
    String[] modes = {"throughput", "bounded", "auto"};
    String other = "api/v1/subsystems/nqn.2026-01.example:s" + random.nextInt(3);
    String namespace = subsystem + "/namespaces/" + (3 + random.nextInt(3));
    String disk = "{\"backend\":{\"kind\":\"memory\",\"size\":\"1MiB\"}}";
    return switch (random.nextInt(9)) {
      case 3 -> api.put(other, "{\"allowAnyHost\":" + random.nextBoolean() + ",\"namespaces\":[]}");
      case 4 -> api.delete(other);
      case 5 -> api.put(namespace, disk);
      case 6 -> api.delete(namespace);
      case 7 -> api.put(other + "/namespaces/1", disk);
      case 0 ->
          api.put(subsystem + "/latencyMode", "{\"mode\":\"" + modes[random.nextInt(3)] + "\"}");
      case 1 ->
          api.put(
              subsystem + "/namespaces/" + (1 + random.nextInt(2)) + "/latencyMode",
              "{\"mode\":\"" + modes[random.nextInt(3)] + "\"}");
      case 2 ->
          api.put(
              "api/v1/hosts/nqn.2026-01.example:new" + random.nextInt(3),
              "{\"slots\":" + random.nextInt(256) + "}");
      default ->
          api.put(
              host(),
              "{\"maxClass\":\""
                  + CLASSES[random.nextInt(CLASSES.length)]
                  + "\",\"weight\":"
                  + (1 + random.nextInt(1000))
                  + ",\"iops\":"
                  + random.nextInt(100_000)
                  + ",\"step\":"
                  + random.nextBoolean()
                  + ",\"minBudget\":{\"critical\":\""
                  + random.nextInt(1000)
                  + "us\"}}");
    };
  }

  /** A change by PUT that is wrong, and a part of the path of the field that is. */
  public record Wrong(String path, String body, String field) {
    /** Whether an answer says that this field is wrong. */
    public boolean isRefusedBy(Answer answer) {
      if (answer.status() != 422) {
        return false;
      }
      for (JsonNode error : answer.json().path("errors")) {
        if (error.path("field").asText().contains(field)) {
          return true;
        }
      }
      return false;
    }
  }

  /** A change that has to be refused, whatever is in force. */
  public Wrong wrong() {
    String host = host();
    int index = firstHost + hosts.indexOf(host.substring(HOST.length()));
    String at = "hosts[" + index + "].";
    int far = 1_000_000_000 + random.nextInt(1_000_000_000);
    return switch (random.nextInt(11)) {
      case 9 ->
          new Wrong(
              subsystem + "/namespaces/" + (10 + random.nextInt(90)),
              "{\"backend\":{\"kind\":\"file\",\"path\":\"/no/such/folder/"
                  + far
                  + "\",\"size\":\"1MiB\"}}",
              "].backend.path");
      case 0 -> new Wrong(host, "{\"weight\":" + far + "}", at + "weight");
      case 1 -> new Wrong(host, "{\"slots\":-" + far + "}", at + "slots");
      case 2 -> new Wrong(host, "{\"maxClass\":\"c" + far + "\"}", at + "maxClass");
      case 3 -> new Wrong(host, "{\"k" + far + "\":1}", at + "k" + far);
      case 4 -> new Wrong(host, "{\"step\":\"perhaps\"}", at + "step");
      case 5 ->
          new Wrong(
              host, "{\"minBudget\":{\"critical\":\"" + far + "s\"}}", at + "minBudget.critical");
      case 6 ->
          new Wrong(
              subsystem + "/namespaces/" + (10 + random.nextInt(90)),
              "{\"backend\":{\"kind\":\"tape\"}}",
              "].backend.kind");
      case 7 ->
          new Wrong(
              subsystem + "/allowedHosts/nqn.2026-01.example:x" + far,
              "",
              "subsystems[0].allowedHosts[");
      case 8 -> new Wrong("api/v1/qos", "{\"minimumPercent\":" + far + "}", "qos.minimumPercent");
      default ->
          new Wrong(
              subsystem + "/latencyMode",
              "{\"mode\":\"m" + far + "\"}",
              "subsystems[0].latencyMode");
    };
  }
}
