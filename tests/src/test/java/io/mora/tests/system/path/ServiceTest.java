package io.mora.tests.system.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.channel.NamespaceChannel;
import io.mora.initiator.channel.NamespaceFile;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.path.PathOptions;
import io.mora.initiator.path.PathSet;
import io.mora.initiator.path.hedge.HedgeOptions;
import io.mora.initiator.vertx.VertxNamespace;
import io.mora.protocol.admin.policy.AnaState;
import io.mora.target.embedded.EmbeddedTarget;
import io.mora.tests.kit.Repository;
import io.mora.tests.kit.Waiting;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What services do with a namespace; the examples of README.md run as they are printed there. */
@Tag("loopback")
class ServiceTest {
  private static final int BLOCK = EmbeddedTarget.BLOCK_BYTES;

  private final EmbeddedTarget target = EmbeddedTarget.inMemory(16 << 20, 2);
  private final Initiator initiator = Initiator.create(InitiatorOptions.defaults());
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    initiator.close();
    target.close();
  }

  private ConnectOptions to(int listener) {
    return ConnectOptions.to(target.addresses().get(listener), EmbeddedTarget.SUBSYSTEM).build();
  }

  private RemoteNamespace namespace() {
    return Waiting.get(initiator.connect(to(0))).namespace(EmbeddedTarget.NSID);
  }

  @Test
  void twoPathsAsOne() {
    paths(target.addresses().get(0).toString(), target.addresses().get(1).toString());
    target.ana(0, AnaState.INACCESSIBLE);
    paths(target.addresses().get(0).toString(), target.addresses().get(1).toString());
  }

  private void paths(String one, String other) {
    String disk = EmbeddedTarget.SUBSYSTEM.value();
    // begin paths
    PathOptions options = PathOptions.DEFAULT.hedge(HedgeOptions.ON);
    ConnectOptions first = ConnectOptions.to(one, disk).build();
    ConnectOptions second = ConnectOptions.to(other, disk).build();
    try (PathSet paths =
        initiator.connectPaths(options, List.of(first, second)).toCompletableFuture().join()) {
      RemoteNamespace pages = paths.namespace(1).toCompletableFuture().join();
      ByteBuffer page = ByteBuffer.allocateDirect(pages.blockBytes());
      pages.read(7, 1, page, Intent.interactive().budgetUs(800)).toCompletableFuture().join();
    }
    // end
  }

  @Test
  void aVertxService() throws Exception {
    RemoteNamespace disk = namespace();
    ByteBuffer data = ByteBuffer.allocateDirect(BLOCK);
    data.put(0, (byte) 'x');
    Waiting.get(disk.write(7, 1, data));
    HttpServer server = Waiting.get(serve(disk).toCompletionStage());
    URI uri = URI.create("http://127.0.0.1:" + server.actualPort() + "/7");
    byte[] body =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray())
            .body();
    assertThat(body).hasSize(BLOCK).startsWith('x');
  }

  private Future<HttpServer> serve(RemoteNamespace disk) {
    int port = 0;
    // begin vertx
    VertxNamespace pages = VertxNamespace.of(vertx, disk).with(Intent.interactive());
    Future<HttpServer> listening =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  ByteBuffer page = ByteBuffer.allocateDirect(disk.blockBytes());
                  long block = Long.parseLong(request.path().substring(1));
                  pages
                      .read(block, 1, page)
                      .onSuccess(read -> request.response().end(Buffer.buffer().setBytes(0, page)))
                      .onFailure(failure -> request.response().setStatusCode(503).end());
                })
            .listen(port);
    // end
    return listening;
  }

  @Test
  void futuresEndOnTheCallersContext() {
    VertxNamespace pages = VertxNamespace.of(vertx, namespace());
    Context context = vertx.getOrCreateContext();
    Future<Boolean> there =
        Future.future(
            promise ->
                context.runOnContext(
                    go ->
                        pages
                            .flush()
                            .onComplete(
                                done -> promise.complete(Vertx.currentContext() == context))));
    assertThat(Waiting.get(there.toCompletionStage())).isTrue();
  }

  @Test
  void theReadmePrintsThese() throws IOException {
    Path source =
        Repository.root().resolve("tests/src/test/java/io/mora/tests/system/path/ServiceTest.java");
    String test = Files.readString(source);
    String readme = squeezed(Files.readString(Repository.root().resolve("README.md")));
    for (String name : List.of("paths", "vertx")) {
      int from = test.indexOf("// begin " + name) + 9 + name.length();
      String example = squeezed(test.substring(from, test.indexOf("// end", from)));
      assertThat(readme).as(name).contains(example);
    }
  }

  private static String squeezed(String text) {
    return text.replaceAll("\\s+", "");
  }

  @Test
  void aChannelOfBytes() throws IOException {
    RemoteNamespace namespace = namespace();
    try (SeekableByteChannel channel = new NamespaceChannel(namespace)) {
      byte[] text = new byte[3 * BLOCK + 100];
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) (i * 31);
      }
      channel.position(BLOCK - 50);
      assertThat(channel.write(ByteBuffer.wrap(text))).isEqualTo(text.length);
      assertThat(channel.position()).isEqualTo(BLOCK - 50 + text.length);
      ByteBuffer back = ByteBuffer.allocate(text.length);
      assertThat(channel.position(BLOCK - 50).read(back)).isEqualTo(text.length);
      assertThat(back.array()).isEqualTo(text);
      ByteBuffer before = ByteBuffer.allocate(10);
      assertThat(channel.position(BLOCK - 60).read(before)).isEqualTo(10);
      assertThat(before.array()).as("what was there stays").containsOnly(0);
      assertThat(channel.position(channel.size()).read(before.clear())).isEqualTo(-1);
    }
  }

  @Test
  void anAsynchronousFile() throws Exception {
    NamespaceFile file = new NamespaceFile(namespace());
    ByteBuffer data = ByteBuffer.allocateDirect(2 * BLOCK);
    data.putInt(BLOCK, 77);
    assertThat(file.write(data, 0).get(20, TimeUnit.SECONDS)).isEqualTo(2 * BLOCK);
    assertThat(data.hasRemaining()).isFalse();
    file.force(false);
    ByteBuffer back = ByteBuffer.allocate(BLOCK);
    assertThat(file.read(back, BLOCK).get(20, TimeUnit.SECONDS)).isEqualTo(BLOCK);
    assertThat(back.getInt(0)).isEqualTo(77);
    assertThat(file.read(back.clear(), file.size()).get(20, TimeUnit.SECONDS)).isEqualTo(-1);
    file.close();
    assertThatThrownBy(() -> file.read(back.clear(), 0).get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ClosedChannelException.class);
  }
}
