/**
 * Domain: which span ids and tenants are acceptable. Pure functions; what to answer is decided
 * elsewhere.
 */
@NullMarked
package dev.weir.distributor.validation;

import org.jspecify.annotations.NullMarked;
