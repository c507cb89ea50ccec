import QtQuick

Page {
    id: page
    title: qsTr("ui:evening:living_room")
    Component.onCompleted: woman.loadVisits()
    Text {
        width: parent.width
        horizontalAlignment: Text.AlignHCenter
        text: woman.visits
        color: Look.text
        font.pixelSize: Look.huge * 1.6
        Accessible.role: Accessible.StaticText
        Accessible.name: app.fill(qsTr("ui:visits:count"), [woman.visits])
    }
    Words { width: parent.width; soft: true; horizontalAlignment: Text.AlignHCenter; text: woman.visitsSaved ? qsTr("ui:visits:saved") : qsTr("ui:visits:saving") }
    foot: [
        Tap { width: parent.width; height: Math.max(Look.touch, Math.min(Look.touch * 3, page.height * 0.3)); primary: true; big: true; enabled: woman.visitsLoaded; text: "+"; says: qsTr("ui:visits:more"); onClicked: woman.addVisit(1) },
        Tap { width: parent.width; text: "−"; says: qsTr("ui:visits:less"); enabled: woman.visits > 0; onClicked: woman.addVisit(-1) }
    ]
}
