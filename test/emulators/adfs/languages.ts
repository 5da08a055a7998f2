const refusals: Record<string, string> = {
  en: "Incorrect user ID or password. Type the correct user ID and password, and try again.",
  nb: "Feil bruker-ID eller passord. Skriv inn riktig bruker-ID og passord, og prøv på nytt.",
  fi: "Virheellinen käyttäjätunnus tai salasana. Kirjoita oikea käyttäjätunnus ja salasana ja yritä uudelleen.",
  sv: "Fel användar-ID eller lösenord. Skriv rätt användar-ID och lösenord och försök igen.",
  da: "Forkert bruger-id eller adgangskode. Skriv det rigtige bruger-id og adgangskoden, og prøv igen.",
}

/** Text of ADFS for a wrong user or password, in the first known language of Accept-Language. */
export function passwordRefusal(acceptLanguage: string | undefined): string {
  const wanted = (acceptLanguage ?? "")
    .split(",")
    .map(tag => (tag.trim().split(/[-;]/)[0] ?? "").toLowerCase())
  const known = wanted.map(language => (language === "no" ? "nb" : language)).find(tag => tag in refusals)
  return refusals[known ?? "en"] ?? ""
}
