import QtQuick

Page {
    id: page
    title: card.name === undefined ? "" : card.name
    readonly property var card: woman.card
    readonly property bool there: card.name !== undefined
    function form(name, goal) { record.begin(name, woman.clientId, goal || ""); app.go("record"); }

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
        Tap { width: parent.half; text: qsTr("ui:woman:accompanied"); onClicked: page.form("accompanied") }
        Tap { width: parent.half; text: qsTr("ui:woman:budget"); onClicked: page.form("budget") }
        Tap { width: parent.half; text: qsTr("ui:woman:bottleneck"); onClicked: page.form("bottleneck") }
        Tap { width: parent.half; text: qsTr("ui:woman:escalation"); onClicked: page.form("escalation") }
        Tap { width: parent.half; text: qsTr("ui:woman:time_out"); onClicked: page.form("timeOut") }
        Tap { width: parent.half; text: qsTr("ui:woman:consent"); onClicked: page.form("consent") }
        Repeater {
            model: page.there ? page.card.goals : []
            Tap {
                required property var modelData
                width: parent.half
                text: qsTr("ui:woman:goal_step")
                under: modelData.text
                onClicked: page.form("goalStep", modelData.id)
            }
        }
        Tap { width: parent.half; text: qsTr("ui:evening:danger"); onClicked: app.go("danger") }
    }
    foot: Flow {
        id: taps
        width: parent.width
        spacing: Look.gap
        readonly property real each: Look.wide ? (width - spacing) / 2 : width
        Tap { width: taps.each; visible: page.there && page.card.tonight.length > 0; text: qsTr("ui:woman:together"); onClicked: app.go("together", { clientId: woman.clientId }) }
        Tap { width: taps.each; primary: true; enabled: page.there; text: qsTr("ui:evening:new_contact"); onClicked: { contact.beginWith(woman.clientId, page.card.name); app.go("contact"); } }
    }
}
