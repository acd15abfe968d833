/** Edge: the distributor's settings and their rules. */
@NullMarked
package dev.weir.distributor.config;

import org.jspecify.annotations.NullMarked;
