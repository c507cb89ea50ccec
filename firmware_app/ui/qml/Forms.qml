pragma Singleton
import QtQuick

// What can be written down beside a contact, by name, so that a half-finished one is found again. `kind` and fields are of
// common/model/record_kinds.cpp; `values` are as typed.
//   fixed: what goes without asking · choices [field, list] · many [field, list, question, only when this field, is this]
//   euros, texts, yesNo [field, question] · start: what a text begins as · when {field: [value, when this field, is this]}
QtObject {
    function of(form, goal) {
        switch (form) {
        case "accompanied": return {
            title: qsTr("ui:woman:accompanied"), kind: "appointment", fixed: { date: "today" },
            choices: [["to", "appointment"]], yesNo: [["attended", qsTr("ui:record:attended")]], texts: [["text", qsTr("ui:record:note")]] };
        case "budget": return {
            title: qsTr("ui:woman:budget"), kind: "budget_spending", fixed: { date: "today" },
            choices: [["what", "budget_item"]], euros: [["cents", qsTr("ui:record:euros")]], texts: [["text", qsTr("ui:record:note")]] };
        case "bottleneck": return {
            title: qsTr("ui:woman:bottleneck"), kind: "bottleneck", aboutNobody: true, fixed: { since: "today" },
            choices: [["what", "bottleneck"]], texts: [["text", qsTr("ui:record:bottleneck")]] };
        case "escalation": return {
            title: qsTr("ui:woman:escalation"), kind: "escalation", fixed: { date: "today", ends: "in 14 days" },
            choices: [["to", "escalation_level"]],
            texts: [["question", qsTr("ui:record:question")], ["not_told_because", qsTr("ui:record:not_told_because")]],
            yesNo: [["told", qsTr("ui:record:told")]] };
        case "timeOut": return {
            title: qsTr("ui:woman:time_out"), kind: "escalation", fixed: { date: "today", ends: "in 14 days", to: "coordinator" },
            start: { question: qsTr("ui:woman:time_out_question") },
            texts: [["question", qsTr("ui:record:question")]], yesNo: [["told", qsTr("ui:record:told")]] };
        case "consent": return {
            title: qsTr("ui:woman:consent"), kind: "consent", fixed: { date: "today" },
            choices: [["state", "consent_state"]],
            many: [["scope", "partner", qsTr("ui:record:scope"), "state", "given"]], when: { how: ["oral", "state", "given"] } };
        case "goalStep": return {
            title: qsTr("ui:woman:goal_step"), kind: "goal_step", fixed: { date: "today", goal: goal },
            texts: [["text", qsTr("ui:record:step")]], yesNo: [["done", qsTr("ui:record:done")]] };
        }
        return { title: "" };
    }
    // What is saved of what was typed.
    function fields(made, values) {
        const fields = Object.assign({}, made.fixed, values);
        for (const each of made.euros || []) {
            const typed = (values[each[0]] || "").trim(), euros = Number(typed.replace(",", "."));
            if (typed !== "" && !isNaN(euros)) fields[each[0]] = String(Math.round(euros * 100));
        }
        for (const field in (made.when || {})) {
            const rule = made.when[field];
            if (values[rule[1]] === rule[2]) fields[field] = rule[0];
        }
        return fields;
    }
}
