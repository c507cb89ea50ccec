import QtQuick

Page {
    id: page
    title: qsTr("ui:evening:women")
    scrolls: false
    Component.onDestruction: people.query = ""
    fixed: Column {
        anchors.fill: parent
        anchors.leftMargin: Look.edge
        anchors.rightMargin: Look.edge
        spacing: Look.gap
        Field { width: parent.width; label: qsTr("ui:contact:search"); onEdited: text => people.query = text }
        Words { width: parent.width; visible: people.total === 0; text: qsTr("ui:women:none") }
        ListView {
            width: parent.width
            height: parent.height - y
            clip: true
            model: people
            spacing: Look.gap / 2
            boundsBehavior: Flickable.StopAtBounds
            pixelAligned: true
            reuseItems: true
            delegate: Tap {
                required property string clientId
                required property string name
                required property string otherNames
                required property bool due
                width: ListView.view.width
                atStart: true
                text: name
                under: [due ? qsTr("ui:contact:due") : "", otherNames].filter(part => part !== "").join(" · ")
                onClicked: { woman.open(clientId); app.go("woman"); }
            }
        }
    }
}
