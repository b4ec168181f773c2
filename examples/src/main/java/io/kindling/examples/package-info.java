/** The programs of the walk-throughs; each numbered folder of this module describes one. */
package io.kindling.examples;
