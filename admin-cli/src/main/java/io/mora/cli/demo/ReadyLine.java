package io.mora.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mora.protocol.TransportAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a target prints once hosts can connect: {@code READY} and a JSON object.
 *
 * @param nvm where I/O is served
 * @param discovery where only discovery is, or null
 * @param pid of the target's process
 * @param transport what its loops wait with
 */
record ReadyLine(
    TransportAddress nvm, @Nullable TransportAddress discovery, long pid, String transport) {
  private static final String WORD = "READY ";

  /** The line's content; empty if it is another line. */
  static Optional<ReadyLine> parse(String line) {
    if (!line.startsWith(WORD)) {
      return Optional.empty();
    }
    try {
      JsonNode ready = new ObjectMapper().readTree(line.substring(WORD.length()));
      TransportAddress nvm = null;
      TransportAddress discovery = null;
      for (JsonNode listener : ready.path("listeners")) {
        TransportAddress address =
            new TransportAddress(listener.path("address").asText(), listener.path("port").asInt());
        if (listener.path("kind").asText().equals("nvm")) {
          nvm = address;
        } else {
          discovery = address;
        }
      }
      if (nvm == null) {
        throw new IllegalArgumentException("no listener of kind nvm in: " + line);
      }
      return Optional.of(
          new ReadyLine(
              nvm, discovery, ready.path("pid").asLong(), ready.path("transport").asText()));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON after READY: " + line, e);
    }
  }
}
