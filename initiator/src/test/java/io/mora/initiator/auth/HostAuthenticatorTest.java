package io.mora.initiator.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.initiator.path.Reconnector;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.Nqn;
import io.mora.protocol.auth.DhExchange;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.message.AuthMessage;
import io.mora.protocol.auth.message.ChallengeMessage;
import io.mora.protocol.auth.message.NegotiateMessage;
import io.mora.protocol.auth.message.Success1Message;
import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.data.Bytes;
import io.mora.protocol.net.tls.TlsEnd;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import net.jqwik.api.Example;
import org.jspecify.annotations.Nullable;

/** What becomes of the key that a proof has made. */
class HostAuthenticatorTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Nqn HOST = new Nqn("nqn.2026-11.io.mora:host");
  private static final Nqn SUBSYSTEM = new Nqn("nqn.2026-11.io.mora:subsystem");
  private static final DhchapOptions PROOF =
      DhchapOptions.of(DhchapSecret.generate(DhchapHash.SHA256, 32, RANDOM));
  private final ConnectionException lost = new ConnectionException(Reason.LOST, "a test");

  private static HostAuthenticator authenticator(DhchapOptions options) {
    return new HostAuthenticator(options, null, HOST, SUBSYSTEM, Runnable::run);
  }

  private static Throwable failure(HostAuthenticator authenticator) {
    CompletableFuture<Void> done =
        authenticator.authenticate(new AnyHost(), true, false, AuthDemand.SECURE_CHANNEL);
    return done.handle((nothing, failure) -> failure).join();
  }

  /** As where the controller hangs up right behind its Success1. */
  @Example
  void theKeyOutlivesTheConnectionThatMadeIt() {
    HostAuthenticator authenticator = authenticator(PROOF);
    Throwable failure = failure(authenticator);
    assertThat(failure).isInstanceOf(CompletionException.class);
    authenticator.ended();
    Throwable cause = Reconnector.causeOf(failure, lost);
    assertThat(cause).isNotSameAs(lost);
    assertThat(authenticator.secured(lost)).isFalse();
    assertThat(authenticator.tls(new Nobody(), true, false)).isNull();
    assertThat(authenticator.secured(cause)).isTrue();
    assertThat(authenticator.tls(new Nobody(), true, false)).isNotNull();
    assertThat(authenticator.tls(new Nobody(), false, true)).isNotNull();
  }

  @Example
  void noQueueGoesPlainBehindASecuredOne() {
    HostAuthenticator authenticator = authenticator(PROOF);
    assertThat(authenticator.tls(new Nobody(), true, false)).isNull();
    assertThat(authenticator.isAdminByKey()).isFalse();
    authenticator.secured(failure(authenticator));
    assertThat(authenticator.tls(new Nobody(), true, false)).isNotNull();
    assertThat(authenticator.isAdminByKey()).isTrue();
    assertThat(authenticator.tls(new Nobody(), false, true)).isNotNull();
    authenticator.ended();
    assertThat(authenticator.isAdminByKey()).as("what connects late goes by it").isTrue();
    isRefused(authenticator);
    assertThat(authenticator.tls(new Nobody(), true, false)).as("the next proof").isNull();
    assertThat(authenticator.isAdminByKey()).isFalse();
    isRefused(authenticator);
  }

  private static void isRefused(HostAuthenticator authenticator) {
    assertThatThrownBy(() -> authenticator.tls(new Nobody(), false, true))
        .isInstanceOfSatisfying(
            ConnectionException.class, why -> assertThat(why.reason()).isEqualTo(Reason.LOST));
  }

  @Example
  void aKeyThatNobodyWaitsForIsOverwritten() {
    HostAuthenticator authenticator = authenticator(PROOF);
    Throwable failure = failure(authenticator);
    HostAuthenticator.forget(failure);
    HostAuthenticator.forget(null);
    HostAuthenticator.forget(lost);
    authenticator.secured(failure);
    hasNoKey(end(authenticator));
  }

  private static TlsEnd end(HostAuthenticator authenticator) {
    return Objects.requireNonNull(authenticator.tls(new Nobody(), true, false));
  }

  private static void hasNoKey(TlsEnd end) {
    assertThatThrownBy(end::handshake)
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("was forgotten");
  }

  /** What connects has no copy of its own: all are gone when the association's is. */
  @Example
  void theKeyGoesWithItsAssociationWhoeverConnects() throws TlsException {
    HostAuthenticator authenticator = authenticator(PROOF);
    authenticator.secured(failure(authenticator));
    TlsEnd first = end(authenticator);
    assertThat(first.handshake().output()).isNotEmpty();
    assertThat(first.handshake().output()).as("each its own").isNotEmpty();
    TlsEnd second = end(authenticator);
    authenticator.ended();
    hasNoKey(first);
    hasNoKey(second);
  }

  /** As where the association is lost between a queue's handshake and the reply to its Connect. */
  @Example
  void aQueueThatWentByAKeyMakesNoneOfItsOwn() {
    HostAuthenticator authenticator = authenticator(PROOF.overTls());
    authenticator.secured(failure(authenticator));
    authenticator.ended();
    AnyHost controller = new AnyHost();
    assertThat(authenticator.authenticate(controller, false, true, AuthDemand.NOTHING))
        .isCompleted();
    assertThat(controller.negotiated).as("nothing is left to prove").isNull();
    assertThat(authenticator.authenticate(controller, false, true, AuthDemand.SECURE_CHANNEL))
        .isCompleted();
    assertThat(Objects.requireNonNull(controller.negotiated).secureChannel()).isZero();
  }

  @Example
  void whoCanMakeNoKeySaysSo() {
    for (DhchapOptions options :
        List.of(
            PROOF.withHashes(List.of(DhchapHash.SHA512)),
            PROOF.withGroups(List.of(DhchapGroup.NULL)))) {
      assertThat(failure(authenticator(options)))
          .hasMessageContaining("sha256 or sha384")
          .hasMessageContaining(options.groups().size() == 1 ? "groups none" : "hashes sha512,")
          .isInstanceOfSatisfying(
              ConnectionException.class,
              why -> assertThat(why.reason()).isEqualTo(Reason.UNAUTHENTICATED));
    }
  }

  /** As in a program that has not brought it: found before anything is proved, not at the end. */
  @Example
  void whoHasNoLibraryForTlsSaysSo() throws Exception {
    var alone = new WithoutTls().loadClass(Alone.class.getName()).getDeclaredConstructor();
    assertThat((List<?>) ((Callable<?>) alone.newInstance()).call())
        .hasSize(2)
        .allSatisfy(told -> assertThat(String.valueOf(told)).contains("bctls"));
  }

  /** What the two ways to a key end in. */
  public static final class Alone implements Callable<List<String>> {
    @Override
    public List<String> call() {
      List<String> told = new ArrayList<>();
      told.add(String.valueOf(failure(authenticator(PROOF))));
      try {
        told.add(PROOF.overTls().toString());
      } catch (IllegalStateException e) {
        told.add(e.toString());
      }
      return told;
    }
  }

  /** Our classes anew, where Bouncy Castle's are not to be had. */
  private static final class WithoutTls extends ClassLoader {
    WithoutTls() {
      super(HostAuthenticatorTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.bouncycastle.")) {
        throw new ClassNotFoundException(name);
      }
      Class<?> known = findLoadedClass(name);
      if (known != null || !name.startsWith("io.mora.")) {
        return known != null ? known : super.loadClass(name, resolve);
      }
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(file)) {
        byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static final class Nobody implements SecureOwner {
    @Override
    public long handshakeTimeoutMs() {
      return 1;
    }

    @Override
    public void secured(Channel channel) {
      throw new AssertionError("nothing is connected");
    }

    @Override
    public void refused(ConnectionException why) {
      throw new AssertionError(why);
    }
  }

  /** A controller that believes whatever it is told. */
  private static final class AnyHost implements AuthExchange {
    private int id;
    private int asked;
    private @Nullable NegotiateMessage negotiated;

    @Override
    public CompletableFuture<Void> send(AuthMessage message) {
      id = message.transactionId();
      negotiated = message instanceof NegotiateMessage offer ? offer : negotiated;
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<ByteBuf> receive() {
      Bytes zeroes = Bytes.zero(DhchapHash.SHA256.lengthBytes());
      DhchapGroup group = DhchapGroup.FFDHE2048;
      Bytes value = Bytes.of(DhExchange.generate(group, RANDOM).publicValue());
      AuthMessage message =
          asked++ == 0
              ? new ChallengeMessage(id, DhchapHash.SHA256, group, 7, zeroes, value)
              : new Success1Message(id, false, zeroes);
      return CompletableFuture.completedFuture(message.toBuf());
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }
  }
}
