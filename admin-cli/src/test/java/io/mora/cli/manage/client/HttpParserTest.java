package io.mora.cli.manage.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpParserTest {
  private static HttpReply read(String text) throws IOException {
    byte[] bytes = text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    return new HttpParser(new ByteArrayInputStream(bytes)).read();
  }

  @Test
  void readsABodyOfALengthInChunksAndToTheEnd() throws IOException {
    HttpReply sized = read("HTTP/1.1 200 OK|ETag: \"x\"|Content-Length: 3||abcdef");
    assertThat(sized.text()).isEqualTo("abc");
    assertThat(sized.etag()).isEqualTo("\"x\"");
    assertThat(read("HTTP/1.1 200 OK|Transfer-Encoding: chunked||3;a=b|abc|2|de|0||").text())
        .isEqualTo("abcde");
    assertThat(read("HTTP/1.0 404 No||rest").text()).isEqualTo("rest");
    assertThat(read("HTTP/1.1 100 Continue||HTTP/1.1 204 None||").status()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-x|",
        "HTTP/1.1 OK|",
        "HTTP/1.1 200 OK|no colon||",
        "HTTP/1.1 200 OK|Content-Length: -1||",
        "HTTP/1.1 200 OK|Content-Length: 99999999999||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||ffffff0|",
      })
  void refusesWhatIsNoAnswer(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200", "HTTP/1.1 200 OK|Content-Length: 5||abc"})
  void saysWhereItEndsEarly(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(EOFException.class);
  }

  @Test
  void boundsALineAndTheNumberOfHeaders() {
    assertThatThrownBy(() -> read("HTTP/1.1 200 " + "x".repeat(HttpParser.LINE_MAX)))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> read("HTTP/1.1 200 OK|" + headers()))
        .isInstanceOf(ProtocolException.class);
  }

  private static String headers() {
    StringBuilder headers = new StringBuilder();
    for (int i = 0; i <= HttpParser.HEADERS_MAX; i++) {
      headers.append('h').append(i).append(": v|");
    }
    return headers.toString();
  }
}
