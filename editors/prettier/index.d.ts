import type { Parser, Printer, SupportLanguage } from "prettier";

export const languages: SupportLanguage[];
export const parsers: { readonly tfm: Parser };
export const printers: { readonly tfm: Printer };
