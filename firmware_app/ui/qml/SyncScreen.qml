import QtQuick

Page {
    id: page
    title: qsTr("ui:evening:sync")
    canGoBack: sync.state !== "running"
    property bool elsewhere: false
    property string address
    Component.onCompleted: sync.look()
    Words { width: parent.width; visible: evening.drafts.length > 0 && sync.state !== "running"; text: app.fill(qsTr("ui:sync:drafts"), [evening.drafts.length]) }
    Words { width: parent.width; loud: true; text: sync.state === "idle" ? evening.standing : sync.headline }
    Rectangle {
        visible: sync.state === "running"
        width: parent.width
        height: Look.gap * 2
        radius: Look.radius
        color: Look.surface
        border.color: Look.line
        border.width: 1
        Accessible.role: Accessible.ProgressBar
        Accessible.name: app.fill(qsTr("ui:sync:counts"), [sync.received, sync.total])
        Rectangle { height: parent.height; radius: Look.radius; width: sync.total > 0 ? parent.width * sync.received / sync.total : 0; color: Look.accent }
    }
    Words { width: parent.width; visible: sync.state === "running" && sync.total > 0; text: app.fill(qsTr("ui:sync:counts"), [sync.received, sync.total]) }
    Words { width: parent.width; visible: sync.secondsLeft > 0; soft: true; text: app.fill(qsTr("ui:sync:left"), [sync.secondsLeft]) }
    Words { width: parent.width; visible: text !== ""; text: sync.trouble; color: Look.trouble }
    Words { width: parent.width; visible: text !== ""; text: sync.nothingLost }
    Field {
        width: parent.width
        visible: page.elsewhere && sync.state !== "running"
        label: qsTr("ui:enrol:address")
        onEdited: text => page.address = text
    }
    Tap { width: parent.width; visible: !page.elsewhere && (sync.state === "idle" || sync.state === "failed"); text: qsTr("ui:sync:elsewhere"); onClicked: page.elsewhere = true }
    foot: [
        Tap { objectName: "startSync"; visible: sync.state !== "running" && sync.state !== "wiped"; width: parent.width; primary: sync.state !== "done"; text: sync.state === "failed" ? qsTr("ui:sync:again") : qsTr("ui:sync:start"); onClicked: sync.start(page.elsewhere ? page.address : "") },
        Tap { visible: sync.state === "done"; width: parent.width; primary: true; text: qsTr("ui:evening:put_away"); onClicked: app.hide() }
    ]
}
