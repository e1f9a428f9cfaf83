// What is wrong with how the page looks, as a list of sentences: what is wider than the window, words that are cut in two, and text
// that is too pale to read (WCAG 2.2, success criteria 1.4.10 and 1.4.3).
const wrong = [];
if (document.documentElement.scrollWidth > innerWidth) {
  for (const element of document.querySelectorAll('body *'))
    if (element.getBoundingClientRect().right > innerWidth && !element.closest('.scroll, .skip'))
      wrong.push(`too wide: ${element.outerHTML.slice(0, 80)}`);
  wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
}

// A canvas knows every way to write a colour.
const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
const rgba = colour => {
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data;
};
const luminance = ([r, g, b]) => {
  const linear = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
};
const behind = element => {
  const colour = element ? rgba(getComputedStyle(element).backgroundColor) : [255, 255, 255, 255];
  return colour[3] ? colour : behind(element.parentElement);
};
const contrast = element => {
  const two = [rgba(getComputedStyle(element).color), behind(element)].map(luminance);
  return (Math.max(...two) + 0.05) / (Math.min(...two) + 0.05);
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
  const style = getComputedStyle(element), size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  if (contrast(element) < (large ? 3 : 4.5))
    wrong.push(`contrast ${contrast(element).toFixed(1)}: ${texts.currentNode.data.trim()}`);
  for (const word of texts.currentNode.data.matchAll(/[\p{L}.]+/gu)) {
    const range = document.createRange();
    range.setStart(texts.currentNode, word.index);
    range.setEnd(texts.currentNode, word.index + word[0].length);
    if (range.getClientRects().length > 1) wrong.push(`cut in two: ${word[0]}`);
  }
}
return wrong;
