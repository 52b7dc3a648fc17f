/** Syslog: frames, messages of RFC 5424 and 3164, CEF in them. */
@NullMarked
package dev.belfry.receive.syslog;

import org.jspecify.annotations.NullMarked;
