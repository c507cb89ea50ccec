import QtQuick

// A screen: a heading with the way back, what it is about (scrolled when it is long), and what to do with the thumb below.
Item {
    id: page
    property string title
    property bool canGoBack: true
    property bool scrolls: true
    default property alias content: column.data
    property alias fixed: fixed.data
    property alias foot: foot.data
    property alias flick: flick
    function goBack() { app.back(); }
    // On its side, with the keyboard up, there is room for what is typed and nothing else.
    readonly property bool squeezed: height < 3.6 * Look.touch
    function reveal() {
        const item = page.Window.activeFocusItem;
        if (!item || item.field === undefined || !scrolls) return;
        const y = item.field.mapToItem(flick.contentItem, 0, 0).y;
        if (y + item.field.height > flick.contentY + flick.height) flick.contentY = y + item.field.height - flick.height;
        if (y < flick.contentY) flick.contentY = Math.max(0, y);
    }
    readonly property Item focused: page.Window.activeFocusItem
    onFocusedChanged: reveal()

    Rectangle {
        id: head
        width: parent.width
        visible: !page.squeezed
        height: page.squeezed ? 0 : Math.max(Look.touch, titleText.implicitHeight + Look.gap)
        color: Look.ground
        Tap {
            id: backTap
            visible: page.canGoBack
            anchors.left: prefs.leftHanded ? undefined : parent.left
            anchors.right: prefs.leftHanded ? parent.right : undefined
            width: Look.touch * 1.2
            height: Look.touch
            quiet: true
            text: prefs.leftHanded ? "›" : "‹"
            says: qsTr("ui:back")
            onClicked: page.goBack()
        }
        Words {
            id: titleText
            loud: true
            text: page.title
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.leftMargin: page.canGoBack && !prefs.leftHanded ? Look.touch * 1.3 : Look.edge
            anchors.rightMargin: page.canGoBack && prefs.leftHanded ? Look.touch * 1.3 : Look.edge
            anchors.verticalCenter: parent.verticalCenter
            Accessible.role: Accessible.Heading
        }
        // Quick hide: the heading pulled down.
        DragHandler {
            target: null
            xAxis.enabled: false
            onTranslationChanged: if (translation.y > 12 * Look.mm) app.hide()
        }
    }
    Item {
        id: fixed
        anchors.top: head.bottom
        width: parent.width
        height: page.scrolls ? 0 : page.height - head.height - bottom.height
        visible: !page.scrolls
    }
    Flickable {
        id: flick
        visible: page.scrolls
        anchors.top: head.bottom
        anchors.bottom: bottom.top
        width: parent.width
        contentHeight: column.implicitHeight + 2 * Look.gap
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        pixelAligned: true
        onHeightChanged: page.reveal()
        Column {
            id: column
            x: Look.edge
            width: flick.width - 2 * Look.edge
            spacing: Look.gap
        }
    }
    Rectangle {
        id: bottom
        anchors.bottom: parent.bottom
        width: parent.width
        visible: !page.squeezed
        height: page.squeezed ? 0 : foot.implicitHeight > 0 ? foot.implicitHeight + 2 * Look.gap : 0
        color: Look.ground
        Column {
            id: foot
            x: Look.edge
            y: Look.gap
            width: parent.width - 2 * Look.edge
            spacing: Look.gap
        }
    }
}
