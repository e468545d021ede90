// Shows the parts of the page that have all the words that are searched for. Without it the page is
// whole, and the browser's own search finds what is there.
const search = document.getElementById("search");
const found = document.getElementById("found");
const parts = [...document.querySelectorAll("section.part")].map((part) => ({
  part,
  articles: [...part.querySelectorAll("article")].map((article) => ({
    article,
    text: article.textContent.toLowerCase(),
  })),
}));

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { part, articles } of parts) {
    let here = 0;
    for (const { article, text } of articles) {
      const isFound = words.every((word) => text.includes(word));
      article.hidden = !isFound;
      if (isFound) here += 1;
    }
    // What has no types, as the limits, is there while nothing is searched for.
    part.hidden = here === 0 && words.length > 0;
    count += here;
  }
  found.textContent = words.length === 0 ? "" : `${count} found`;
}

search.addEventListener("input", show);

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target === search) return;
  event.preventDefault();
  search.focus();
});

// A link leads to what it names, also where the search had hidden that.
window.addEventListener("hashchange", () => {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named === null || named.closest("[hidden]") === null) return;
  search.value = "";
  show();
  named.scrollIntoView();
});
