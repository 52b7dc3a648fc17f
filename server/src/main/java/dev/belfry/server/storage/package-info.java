/** What is kept: segments, retention, and how journal and store are. */
@NullMarked
package dev.belfry.server.storage;

import org.jspecify.annotations.NullMarked;
