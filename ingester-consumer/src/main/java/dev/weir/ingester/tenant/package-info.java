/** Whose spans they are: the rule for tenant ids, in record keys and in request headers alike. */
@NullMarked
package dev.weir.ingester.tenant;

import org.jspecify.annotations.NullMarked;
