import QtQuick

Page {
    id: page
    title: qsTr("ui:evening:women")
    scrolls: false
    Component.onDestruction: people.query = ""
    fixed: Item {
        id: chooser
        anchors.fill: parent
        anchors.leftMargin: Look.edge
        anchors.rightMargin: Look.edge
        readonly property real across: page.squeezed ? (width - Look.gap) / 2 : width
        Column {
            id: typed
            width: chooser.across
            spacing: Look.gap
            Field { width: parent.width; bare: page.squeezed; label: qsTr("ui:contact:search"); onEdited: text => people.query = text }
            Words { width: parent.width; visible: people.total === 0; text: qsTr("ui:women:none") }
        }
        People {
            x: page.squeezed ? chooser.across + Look.gap : 0
            y: page.squeezed ? 0 : typed.height + Look.gap
            width: chooser.across
            height: chooser.height - y
            brief: page.squeezed
            onPicked: (clientId, name) => { woman.open(clientId); app.go("woman"); }
        }
    }
}
