/** What was built, seen from outside: its architecture, its process, its protocols, its page. */
@NullMarked
package dev.belfry.e2e;

import org.jspecify.annotations.NullMarked;
