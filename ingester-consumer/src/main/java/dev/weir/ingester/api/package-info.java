/**
 * The query API over HTTP, with the routes and shapes that Grafana expects of Tempo: parse, ask the
 * querier, render.
 */
@NullMarked
package dev.weir.ingester.api;

import org.jspecify.annotations.NullMarked;
