/**
 * The root of Kindling: the family of its exceptions. Everything else lives in the packages below.
 */
package io.kindling;
