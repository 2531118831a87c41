package io.mora.target.transport;

import io.mora.qos.mode.ModeProfile;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;

/**
 * Has the kernel acknowledge at once the first part of a PDU whose rest is still to come. The
 * connection's loop only.
 */
final class QuickAck {
  /*
   * What is complete is acknowledged by its reply, and long reads the kernel acknowledges by
   * itself: a bare acknowledgement would only cost. But a short first part has no reply, and a host
   * that leaves Nagle's algorithm on sends no more until it is acknowledged, which the kernel puts
   * off for up to 40 ms. The option lasts for one acknowledgement or so, so it is set each time.
   */
  private final Channel channel;
  private final @Nullable ChannelOption<Boolean> option;

  /**
   * @param option sets it; null where it cannot be set
   */
  QuickAck(Channel channel, @Nullable ChannelOption<Boolean> option) {
    this.channel = channel;
    this.option = option;
  }

  /**
   * Bytes were read and taken.
   *
   * @param midPdu the rest of a PDU is still to come
   */
  void read(int bytes, boolean midPdu, ModeProfile profile) {
    ChannelOption<Boolean> set = option;
    if (set != null
        && midPdu
        && bytes < Intake.SMALL_BYTES
        && profile.quickAck()
        && channel.isOpen()) {
      channel.config().setOption(set, Boolean.TRUE);
    }
  }
}
