package dev.belfry.server.http;

import dev.belfry.model.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Refuses a request with a length beside its chunks, and all that its connection brings then. */
final class HeadsHandler extends ChannelInboundHandlerAdapter {
    private final Heads heads;
    private boolean closing;

    HeadsHandler(Heads heads) {
        this.heads = heads;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (!closing && message instanceof ByteBuf bytes) {
            heads.take(bytes);
            if (heads.hadBoth()) {
                closing = true;
                context.writeAndFlush(Unpooled.wrappedBuffer(refusal()))
                        .addListener(ChannelFutureListener.CLOSE);
            }
        }
        if (closing) {
            ReferenceCountUtil.release(message);
        } else {
            super.channelRead(context, message);
        }
    }

    private static byte[] refusal() {
        Reply reply =
                Errors.reply(
                        ErrorCode.VALIDATION_ERROR,
                        "content-length: beside transfer-encoding (expected: one of them)",
                        Map.of());
        byte[] head =
                ("HTTP/1.1 400 Bad Request\r\ncontent-type: "
                                + reply.contentType()
                                + "\r\ncontent-length: "
                                + reply.length()
                                + "\r\nconnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + reply.length());
        System.arraycopy(reply.body(), 0, all, head.length, reply.length());
        return all;
    }
}
