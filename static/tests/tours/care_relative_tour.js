import { registry } from "@web/core/registry";

const badge = (field, value) => [
    {
        content: `${field}: ${value}`,
        trigger: `.o_field_widget[name=${field}] .o_selection_badge[value='"${value}"']`,
        run: "click",
    },
    { trigger: `.o_field_widget[name=${field}] .o_selection_badge.active[value='"${value}"']` },
];

// An anonymous call on a phone: five taps and save.
registry.category("web_tour.tours").add("care_relative_contact_tour", {
    steps: () => [
        ...badge("minutes_choice", "30"),
        ...badge("relation", "sibling"),
        ...badge("age_band", "45_64"),
        ...badge("need_code", "respite"),
        { content: "save", trigger: ".o_form_button_save:visible", run: "click" },
        { content: "it is noted", trigger: ".o_form_saved" },
    ],
});

// A referral: who, the number, the yes. The receipt is all that comes back.
registry.category("web_tour.tours").add("care_referral_tour", {
    steps: () => [
        { trigger: ".modal .o_field_widget[name=relative_name] input", run: "edit Gun Ek" },
        { trigger: ".modal .o_field_widget[name=phone] input", run: "edit 070-174 06 60" },
        { trigger: ".modal .o_field_widget[name=wish] textarea", run: "edit En grupp" },
        { content: "she says yes", trigger: ".modal .o_field_widget[name=consent] input", run: "click" },
        {
            content: "the yes is hers",
            trigger: ".modal .o_field_widget[name=consent_by] input",
            run: "edit Gun Ek",
        },
        { content: "send", trigger: ".modal button[name=action_send]", run: "click" },
        { content: "a receipt, and nothing else", trigger: ".o_notification:contains(R-)" },
    ],
});
