/* What this page was made with: whose keys count, the schema of each statement type, and its words. */

const EMBEDDED = JSON.parse(document.getElementById("embedded").textContent);
const WORDS = EMBEDDED.words;
