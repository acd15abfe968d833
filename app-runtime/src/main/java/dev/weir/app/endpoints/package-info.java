/** The HTTP server of an application, and the endpoints that all of them serve. */
@NullMarked
package dev.weir.app.endpoints;

import org.jspecify.annotations.NullMarked;
