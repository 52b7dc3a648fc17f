/** TLS of every port, from files that may change while Belfry runs. */
@NullMarked
package dev.belfry.server.tls;

import org.jspecify.annotations.NullMarked;
