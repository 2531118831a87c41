package io.mora.target.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.qos.mode.ModeProfile;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class QuickAckTest {
  private static final ChannelOption<Boolean> OPTION = ChannelOption.valueOf("mora.test.quickack");

  private int set;

  private final EmbeddedChannel channel =
      new EmbeddedChannel() {
        @Override
        public ChannelConfig config() {
          return new DefaultChannelConfig(this) {
            @Override
            public <T> boolean setOption(ChannelOption<T> option, T value) {
              set += option == OPTION && Boolean.TRUE.equals(value) ? 1 : 0;
              return true;
            }
          };
        }
      };

  private final QuickAck ack = new QuickAck(channel, OPTION);

  @Test
  void acknowledgesWhatHasNoReplyYetEachTime() {
    ack.read(72, true, ModeProfile.BOUNDED);
    assertThat(set).isEqualTo(1);
    ack.read(72, true, ModeProfile.AUTO_ACTIVE);
    assertThat(set).isEqualTo(2);
  }

  @Test
  void leavesTheRestToRepliesAndTheKernel() {
    ack.read(72, false, ModeProfile.BOUNDED);
    ack.read(Intake.SMALL_BYTES, true, ModeProfile.BOUNDED);
    ack.read(72, true, ModeProfile.AUTO_IDLE);
    ack.read(72, true, ModeProfile.THROUGHPUT);
    new QuickAck(channel, null).read(72, true, ModeProfile.BOUNDED);
    channel.close();
    ack.read(72, true, ModeProfile.BOUNDED);
    assertThat(set).isZero();
  }
}
