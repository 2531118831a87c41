package io.mora.initiator.buffer;

import java.nio.ByteBuffer;

/**
 * Makes memory known to something that is quicker when it knows it: an accelerator's driver that
 * pins pages, a ring with fixed buffers. Any thread.
 *
 * <p>Netty 4.2 offers no way to register buffers with its io_uring rings, and its sockets read into
 * memory of their own; so this host has no registrar of its own, and {@link #NONE} is the default.
 */
public interface BufferRegistrar {
  /** Of {@link #register}: it could not be done. */
  long NOT_REGISTERED = -1;

  /** Registers nothing. */
  BufferRegistrar NONE =
      new BufferRegistrar() {
        @Override
        public long register(ByteBuffer memory) {
          return NOT_REGISTERED;
        }

        @Override
        public boolean isValid(long registration) {
          return false;
        }

        @Override
        public void unregister(long registration) {}
      };

  /**
   * Registers a whole direct buffer.
   *
   * @return a number for it, 0 or more, or {@link #NOT_REGISTERED}
   */
  long register(ByteBuffer memory);

  /** Whether a registration still holds; a driver's reset may have ended it. */
  boolean isValid(long registration);

  /** Ends a registration that holds. */
  void unregister(long registration);
}
