/** The code in the documents, run as it stands there. */
package io.kindling.documentation;
