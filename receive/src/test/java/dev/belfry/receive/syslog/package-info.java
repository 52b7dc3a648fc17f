@NullMarked
package dev.belfry.receive.syslog;

import org.jspecify.annotations.NullMarked;
