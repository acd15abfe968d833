/** Overrides by HTTP: what users say of their tenants, and what is in force. */
@NullMarked
package dev.weir.streams.api;

import org.jspecify.annotations.NullMarked;
