/** The program: it joins the modules, and serves them by HTTP. */
@NullMarked
package dev.belfry.server;

import org.jspecify.annotations.NullMarked;
