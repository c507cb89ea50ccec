import QtQuick

Page {
    id: page
    title: qsTr("ui:evening:title")
    canGoBack: false
    property bool all: false

    Words {
        width: parent.width
        visible: evening.warning !== ""
        text: "! " + evening.warning
        color: Look.trouble
    }
    Words {
        width: parent.width
        soft: true
        text: evening.leaseText
        visible: text !== ""
    }
    Tap { width: parent.width; visible: !evening.dayKnown || evening.dayDoubtful; text: qsTr("ui:day:which"); onClicked: app.go("day") }
    Words {
        width: parent.width
        visible: evening.strict
        soft: true
        text: qsTr("label:strict")
    }
    Row {
        width: parent.width
        spacing: Look.gap
        visible: evening.roundOpen
        Tap { width: Look.touch * 1.4; text: "−"; says: qsTr("ui:evening:less"); onClicked: evening.count(-1) }
        Words {
            width: parent.width - 2.8 * Look.touch - 2 * Look.gap
            height: Look.touch
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
            text: evening.strict ? qsTr("ui:evening:heads_strict") : app.fill(qsTr("ui:evening:heads"), [evening.heads])
        }
        Tap { width: Look.touch * 1.4; text: "+"; says: qsTr("ui:evening:more"); onClicked: evening.count(1) }
    }
    Tap {
        width: parent.width
        visible: !evening.leaseEnded
        text: evening.roundOpen ? qsTr("ui:evening:end_round") : qsTr("ui:evening:start_round")
        onClicked: evening.roundOpen ? app.go("endRound") : app.go("round")
    }
    Tap {
        width: parent.width
        visible: evening.drafts.length > 0
        text: app.fill(qsTr("ui:evening:later"), [evening.drafts.length])
        onClicked: app.go("later")
    }
    Words {
        width: parent.width
        loud: true
        text: qsTr("ui:evening:contacts")
        visible: evening.contacts.length > 0
        Accessible.role: Accessible.Heading
    }
    Repeater {
        model: page.all ? evening.contacts : evening.contacts.slice(0, 3)
        Tap {
            required property var modelData
            width: parent.width
            atStart: true
            text: modelData.time + "  " + modelData.who + (modelData.retracted ? "  (" + qsTr("label:retracted") + ")" : "")
            under: [modelData.went, modelData.where, modelData.about].filter(part => part !== "").join(" · ")
            onClicked: app.go("tonight", modelData)
        }
    }
    Tap {
        width: parent.width
        visible: evening.contacts.length > 3 && !page.all
        text: app.fill(qsTr("ui:evening:all_contacts"), [evening.contacts.length])
        onClicked: page.all = true
    }
    Grid {
        width: parent.width
        columns: 2
        spacing: Look.gap
        readonly property real half: (width - spacing) / 2
        Tap { width: parent.half; visible: !evening.leaseEnded; text: app.fill(qsTr("ui:evening:todo"), [evening.followUps.length]); onClicked: app.go("todo") }
        Tap { width: parent.half; visible: !evening.leaseEnded; text: qsTr("ui:evening:women"); onClicked: app.go("women") }
        Tap { width: parent.half; visible: !evening.leaseEnded; text: qsTr("ui:evening:living_room"); onClicked: app.go("livingRoom") }
        Tap { width: parent.half; visible: !evening.leaseEnded; text: qsTr("ui:evening:hours"); onClicked: app.go("hours") }
        Tap { width: parent.half; visible: !evening.leaseEnded; text: qsTr("ui:earlier:title"); onClicked: app.go("earlier") }
        Tap { width: parent.half; text: qsTr("ui:evening:danger"); onClicked: app.go("danger") }
        Tap { width: parent.half; text: qsTr("ui:evening:settings"); onClicked: app.go("settings") }
        Tap { width: parent.half; text: qsTr("ui:evening:put_away"); onClicked: app.hide() }
    }
    Tap { width: parent.width; text: qsTr("ui:evening:sync"); onClicked: app.go("sync") }
    foot: [
        Words { width: parent.width; soft: true; text: evening.standing },
        Tap {
            objectName: "newContact"
            width: parent.width
            height: Look.touch * 1.25
            primary: true
            text: qsTr("ui:evening:new_contact")
            onClicked: { contact.begin(); app.go("contact"); }
        }
    ]
}
