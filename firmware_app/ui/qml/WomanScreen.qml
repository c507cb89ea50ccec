import QtQuick

Page {
    id: page
    title: card.name === undefined ? "" : card.name
    readonly property var card: woman.card
    readonly property bool there: card.name !== undefined
    function form(title, kind, given) { app.go("record", Object.assign({ title: title, kind: kind, clientId: woman.clientId }, given)); }

    Words {
        width: parent.width
        visible: page.there && page.card.attention !== ""
        loud: true
        text: page.there ? page.card.attention : ""
        color: Look.accent
    }
    Repeater {
        model: page.there ? [
            [qsTr("ui:woman:safe_contact"), page.card.safeContact],
            [qsTr("ui:woman:intensity"), page.card.intensity],
            [qsTr("ui:woman:last_spoken"), page.card.lastSpoken],
            [qsTr("ui:woman:consent"), page.card.consent]
        ] : []
        Column {
            required property var modelData
            width: parent.width
            visible: modelData[1] !== ""
            Words { width: parent.width; soft: true; text: modelData[0] }
            Words { width: parent.width; text: modelData[1] }
        }
    }
    Words { width: parent.width; visible: page.there && page.card.todo.length > 0; loud: true; text: qsTr("ui:todo:title"); Accessible.role: Accessible.Heading }
    Repeater {
        model: page.there ? page.card.todo : []
        TodoRow { width: parent.width }
    }
    Words { width: parent.width; loud: true; text: qsTr("ui:woman:write_down"); Accessible.role: Accessible.Heading }
    Grid {
        width: parent.width
        columns: 2
        spacing: Look.gap
        readonly property real half: (width - spacing) / 2
        Tap { width: parent.half; text: qsTr("ui:woman:accompanied"); onClicked: page.form(text, "appointment", { fixed: { date: "today" }, choices: [["to", "appointment"]], yesNo: [["attended", qsTr("ui:record:attended")]], texts: [["text", qsTr("ui:record:note")]] }) }
        Tap { width: parent.half; text: qsTr("ui:woman:budget"); onClicked: page.form(text, "budget_spending", { fixed: { date: "today" }, choices: [["what", "budget_item"]], euros: [["cents", qsTr("ui:record:euros")]], texts: [["text", qsTr("ui:record:note")]] }) }
        Tap { width: parent.half; text: qsTr("ui:woman:bottleneck"); onClicked: page.form(text, "bottleneck", { clientId: "", fixed: { since: "today" }, choices: [["what", "bottleneck"]], texts: [["text", qsTr("ui:record:bottleneck")]] }) }
        Tap { width: parent.half; text: qsTr("ui:woman:escalation"); onClicked: page.form(text, "escalation", { fixed: { date: "today", ends: "in 14 days" }, choices: [["to", "escalation_level"]], texts: [["question", qsTr("ui:record:question")], ["not_told_because", qsTr("ui:record:not_told_because")]], yesNo: [["told", qsTr("ui:record:told")]] }) }
        Tap { width: parent.half; text: qsTr("ui:woman:time_out"); onClicked: page.form(text, "escalation", { fixed: { date: "today", ends: "in 14 days", to: "coordinator" }, start: { question: qsTr("ui:woman:time_out_question") }, texts: [["question", qsTr("ui:record:question")]], yesNo: [["told", qsTr("ui:record:told")]] }) }
        Tap { width: parent.half; text: qsTr("ui:woman:consent"); onClicked: page.form(text, "consent", { fixed: { date: "today" }, choices: [["state", "consent_state"]], many: [["scope", "partner", qsTr("ui:record:scope"), "state", "given"]], when: { how: ["oral", "state", "given"] } }) }
        Repeater {
            model: page.there ? page.card.goals : []
            Tap {
                required property var modelData
                width: parent.half
                text: qsTr("ui:woman:goal_step")
                under: modelData.text
                onClicked: page.form(text, "goal_step", { fixed: { date: "today", goal: modelData.id }, texts: [["text", qsTr("ui:record:step")]], yesNo: [["done", qsTr("ui:record:done")]] })
            }
        }
        Tap { width: parent.half; text: qsTr("ui:evening:danger"); onClicked: app.go("danger") }
    }
    foot: [
        Tap { width: parent.width; visible: page.there && page.card.tonight.length > 0; text: qsTr("ui:woman:together"); onClicked: app.go("together", { clientId: woman.clientId }) },
        Tap { width: parent.width; primary: true; enabled: page.there; text: qsTr("ui:evening:new_contact"); onClicked: { contact.beginWith(woman.clientId, page.card.name); app.go("contact"); } }
    ]
}
