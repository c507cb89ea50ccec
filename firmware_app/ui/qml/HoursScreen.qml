import QtQuick

Page {
    id: page
    title: qsTr("ui:evening:hours")
    property var activities: []
    property var roles: []
    property string activity
    property string role: "support"
    property int quarters: 4
    Component.onCompleted: { record.fetchChoices("activity"); record.fetchChoices("hours_role"); }
    Connections {
        target: record
        function onChoicesFetched(list, choices) {
            if (list === "activity") page.activities = choices;
            if (list === "hours_role") page.roles = choices;
        }
        function onSaved() { app.home(); }
    }
    Tap { width: parent.width; visible: !evening.dayKnown; text: qsTr("ui:day:which"); onClicked: app.go("day") }
    Words { width: parent.width; soft: true; text: qsTr("ui:hours:activity") }
    Chips { width: parent.width; choices: page.activities; chosen: [page.activity]; onPicked: code => page.activity = code }
    Words { width: parent.width; soft: true; text: qsTr("ui:hours:role") }
    Chips { width: parent.width; choices: page.roles; chosen: [page.role]; onPicked: code => page.role = code }
    Row {
        width: parent.width
        spacing: Look.gap
        Tap { width: Look.touch * 1.4; text: "−"; says: qsTr("ui:hours:less"); onClicked: page.quarters = Math.max(0, page.quarters - 1) }
        Words {
            width: parent.width - 2.8 * Look.touch - 2 * Look.gap
            height: Look.touch
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
            text: app.fill(qsTr("ui:hours:time"), [Math.floor(page.quarters / 4), String(page.quarters % 4 * 15).padStart(2, "0")])
        }
        Tap { width: Look.touch * 1.4; text: "+"; says: qsTr("ui:hours:more"); onClicked: page.quarters += 1 }
    }
    foot: Tap {
        width: parent.width
        primary: true
        enabled: page.activity !== "" && !record.saving
        text: qsTr("ui:contact:save")
        onClicked: record.add("hours", "", { from: "today", through: "today", activity: page.activity, role: page.role, minutes: String(page.quarters * 15) })
    }
}
