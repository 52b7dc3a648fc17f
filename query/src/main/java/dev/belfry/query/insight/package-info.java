/** The piped language: text to stages to a plan and steps. */
@NullMarked
package dev.belfry.query.insight;

import org.jspecify.annotations.NullMarked;
