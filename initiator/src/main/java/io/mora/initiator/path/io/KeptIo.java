package io.mora.initiator.path.io;

import io.mora.initiator.io.EndedIo;
import io.mora.initiator.io.IoResult;

/** How the second try of a read ended, until the first has let go of the caller's buffer. */
final class KeptIo extends EndedIo {
  KeptIo(IoResult io) {
    super(io);
  }
}
