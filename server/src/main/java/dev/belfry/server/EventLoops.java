package dev.belfry.server;

import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.ThreadFactories;
import com.linecorp.armeria.common.util.TransportType;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;

/** The threads that move bytes between the network and requests. */
final class EventLoops {
    private static final int COUNT = 2;
    private static final String NAME = "belfry-http";

    /*
     * Answers are written between the reads of two connections. A loop that first reads from all that have sent
     * something keeps them waiting for as long: under a flood for several of the turns that the system gives it.
     */
    private static final int CONNECTIONS_A_TURN = 1;

    private EventLoops() {}

    /** New ones, to be shut down by the caller. */
    static EventLoopGroup open() {
        if (Flags.transportType() != TransportType.EPOLL) {
            return EventLoopGroups.newEventLoopGroup(COUNT, NAME, true);
        }
        return new MultiThreadIoEventLoopGroup(
                COUNT,
                ThreadFactories.newEventLoopThreadFactory(NAME, true),
                EpollIoHandler.newFactory(
                        CONNECTIONS_A_TURN, DefaultSelectStrategyFactory.INSTANCE));
    }
}
