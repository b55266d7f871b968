// Packages of test items (QTI 2.2), as another system would write them.
import { zip } from "./zip.mjs";

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** An item with one right option, the second. */
export function qti(ident, lang, stem, options) {
  const choices = options.map((text, at) => `<simpleChoice identifier="${"abc"[at]}">${escape(text)}</simpleChoice>`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="${ident}" title="${ident}" xml:lang="${lang}" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>b</value></correctResponse></responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody><p>${escape(stem)}</p><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">${choices}</choiceInteraction></itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"/></assessmentItem>`;
}

/** A package of items, by the names of their files. */
export function packed(items) {
  const resources = Object.keys(items).map((name, at) => `<resource identifier="r${at}" type="imsqti_item_xmlv2p2" href="${name}"><file href="${name}"/></resource>`).join("");
  return zip({ ...items, "imsmanifest.xml": `<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><organizations/><resources>${resources}</resources></manifest>` });
}
