/**
 * The parameter update in one pass: what DL4J's updaters do in many native operations over
 * gradients, optimizer state and parameters, done while a stretch of them is in the cache.
 */
package org.dl4jplasticity.updater;
