/**
 * Programs of the walk-throughs, where one is more than a command. Each numbered folder of this
 * module describes a walk-through; the first, digits, is the command {@code bin/kindling
 * quickstart}.
 */
package io.kindling.examples;
