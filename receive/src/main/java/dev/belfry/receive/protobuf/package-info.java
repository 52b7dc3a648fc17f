/** Protocol Buffers read straight from bytes, without generated classes. */
@NullMarked
package dev.belfry.receive.protobuf;

import org.jspecify.annotations.NullMarked;
