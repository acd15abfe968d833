/** The settings of the ingester: keys, defaults and rules, and nothing else. */
@NullMarked
package dev.weir.ingester.config;

import org.jspecify.annotations.NullMarked;
