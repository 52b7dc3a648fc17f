/** Bodies of Elasticsearch's _bulk. */
@NullMarked
package dev.belfry.receive.bulk;

import org.jspecify.annotations.NullMarked;
